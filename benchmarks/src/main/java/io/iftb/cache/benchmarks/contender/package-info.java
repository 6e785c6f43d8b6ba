/** Who is measured, behind two ports: bars and entries. */
@NullMarked
package io.iftb.cache.benchmarks.contender;

import org.jspecify.annotations.NullMarked;
