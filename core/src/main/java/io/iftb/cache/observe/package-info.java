/** What is told of single calls: a line of the log, and an event of the JDK Flight Recorder. Nothing, at no cost, if nobody asks. */
@NullMarked
package io.iftb.cache.observe;

import org.jspecify.annotations.NullMarked;
