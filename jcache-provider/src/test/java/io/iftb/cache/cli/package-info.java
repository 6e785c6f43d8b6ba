@NullMarked
package io.iftb.cache.cli;

import org.jspecify.annotations.NullMarked;
