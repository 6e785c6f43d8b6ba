/** Reports of a run: HTML, Markdown and JSON. */
@NullMarked
package io.iftb.cache.benchmarks.report;

import org.jspecify.annotations.NullMarked;
