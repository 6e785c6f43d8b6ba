/** What is measured: workloads, their sizes and their seeded data. */
@NullMarked
package io.iftb.cache.benchmarks.workload;

import org.jspecify.annotations.NullMarked;
