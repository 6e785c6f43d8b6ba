/** Workloads, their parameters and their seeded data. */
@NullMarked
package io.iftb.cache.benchmarks.workload;

import org.jspecify.annotations.NullMarked;
