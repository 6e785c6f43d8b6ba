/** The settings: each is said once, with its name, what it accepts, its default and its text, and read in one way. */
@NullMarked
package io.iftb.cache.settings;

import org.jspecify.annotations.NullMarked;
