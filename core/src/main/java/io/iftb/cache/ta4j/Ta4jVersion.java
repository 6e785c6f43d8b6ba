package io.iftb.cache.ta4j;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.ta4j.core.Bar;
import org.ta4j.core.BarSeries;
import org.ta4j.core.BaseBar;
import org.ta4j.core.BaseBarSeriesBuilder;
import org.ta4j.core.num.DoubleNum;
import org.ta4j.core.num.Num;

/** What differs between versions of ta4j: how bars and series are constructed. */
abstract sealed class Ta4jVersion {

    /**
     * When a bar is.
     *
     * @param length from its begin to its end
     */
    record Period(Duration length, Instant begins, Instant ends) {}

    /** @param numbers open, high, low, close, volume and amount */
    abstract Bar bar(Period period, Num[] numbers);

    abstract BarSeries emptySeries(String name);

    /** The one on the class path. */
    static Ta4jVersion found() {
        return Holder.FOUND;
    }

    private static final class Holder {
        private static final Ta4jVersion FOUND = find();

        private static Ta4jVersion find() {
            try {
                Class.forName("org.ta4j.core.num.NumFactory", false, BaseBar.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                return new WithZonedTimes();
            }
            return new WithInstants();
        }
    }

    /** Version 0.17, with which this library is compiled. */
    private static final class WithZonedTimes extends Ta4jVersion {

        @Override
        Bar bar(Period period, Num[] numbers) {
            return new BaseBar(
                    period.length(),
                    period.ends().atZone(ZoneOffset.UTC),
                    numbers[0],
                    numbers[1],
                    numbers[2],
                    numbers[3],
                    numbers[4],
                    numbers[5],
                    0);
        }

        @Override
        BarSeries emptySeries(String name) {
            return new BaseBarSeriesBuilder()
                    .withName(name)
                    .withNumTypeOf(DoubleNum.ZERO)
                    .build();
        }
    }

    /** Versions from 0.19 on, whose classes need Java 21 or later; so their methods are looked up by name. */
    private static final class WithInstants extends Ta4jVersion {

        private final MethodHandle newBar;
        private final MethodHandle withNumFactory;

        WithInstants() {
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            try {
                Class<?> numFactory = Class.forName("org.ta4j.core.num.NumFactory");
                Class<?> doubles = Class.forName("org.ta4j.core.num.DoubleNumFactory");
                Object factory = doubles.getMethod("getInstance").invoke(null);
                withNumFactory = MethodHandles.insertArguments(
                        lookup.findVirtual(
                                BaseBarSeriesBuilder.class,
                                "withNumFactory",
                                MethodType.methodType(BaseBarSeriesBuilder.class, numFactory)),
                        1,
                        factory);
                MethodHandle constructor = lookup.findConstructor(
                        BaseBar.class,
                        MethodType.methodType(
                                void.class,
                                Duration.class,
                                Instant.class,
                                Instant.class,
                                Num.class,
                                Num.class,
                                Num.class,
                                Num.class,
                                Num.class,
                                Num.class,
                                long.class));
                newBar = MethodHandles.insertArguments(constructor, 9, 0L).asSpreader(3, Num[].class, 6);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(
                        "this version of ta4j is not supported; use org.ta4j:ta4j-core 0.17, or 0.19 or later", e);
            }
        }

        @Override
        Bar bar(Period period, Num[] numbers) {
            try {
                return (BaseBar) newBar.invokeExact(period.length(), period.begins(), period.ends(), numbers);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("ta4j made no bar", e);
            }
        }

        @Override
        BarSeries emptySeries(String name) {
            try {
                return ((BaseBarSeriesBuilder) withNumFactory.invokeExact(new BaseBarSeriesBuilder().withName(name)))
                        .build();
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("ta4j made no series", e);
            }
        }
    }
}
