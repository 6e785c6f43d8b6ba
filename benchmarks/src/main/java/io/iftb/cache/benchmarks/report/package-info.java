/** A run of the benchmarks as a page, as Markdown and as a list for programs. */
@NullMarked
package io.iftb.cache.benchmarks.report;

import org.jspecify.annotations.NullMarked;
