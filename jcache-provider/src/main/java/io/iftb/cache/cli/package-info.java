/** The command line {@code iftb-cache}: one class for each command, and the demo. */
@NullMarked
package io.iftb.cache.cli;

import org.jspecify.annotations.NullMarked;
