package com.acme.limits;

import io.github.bucket4j.Bucket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.cache.CacheManager;
import javax.cache.Caching;

/** Threads that take tokens at the same time, one by one, until they are refused. */
final class Takers {

    /** More than one JVM takes before another, which sees that it has begun, begins too. */
    static final int CAPACITY = 1000;

    private Takers() {}

    /** Empties a bucket for practice, and prints what four threads took of another one. */
    public static void main(String[] arguments) throws Exception {
        try (CacheManager caches = Caching.getCachingProvider().getCacheManager()) {
            Limits limits = new Limits(caches);
            takeWithFourThreads(limits.of("bitmex", 200));
            System.out.println(takeWithFourThreads(limits.of("deribit", CAPACITY)));
        }
    }

    static int takeWithFourThreads(Bucket bucket) throws Exception {
        return take(bucket, bucket, bucket, bucket);
    }

    /** The number of tokens taken by one thread for each bucket. */
    static int take(Bucket... buckets) throws Exception {
        CyclicBarrier start = new CyclicBarrier(buckets.length);
        List<Callable<Integer>> takers = new ArrayList<>();
        for (Bucket bucket : buckets) {
            takers.add(() -> {
                start.await();
                int taken = 0;
                while (bucket.tryConsume(1)) {
                    taken++;
                }
                return taken;
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(buckets.length);
        int granted = 0;
        try {
            for (Future<Integer> taken : threads.invokeAll(takers, 60, TimeUnit.SECONDS)) {
                granted += taken.get();
            }
        } finally {
            threads.shutdownNow();
        }
        return granted;
    }
}
