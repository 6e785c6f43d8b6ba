package io.iftb.cache.exchange;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** A wrong answer with status 200. */
public enum Malice {
    /** The newest bar first. */
    UNSORTED {
        @Override
        List<Kline> klines(KlineRequest request, Function<KlineRequest, List<Kline>> honest) {
            List<Kline> klines = new ArrayList<>(honest.apply(request));
            Collections.reverse(klines);
            return klines;
        }
    },
    /** The first bar comes twice. */
    DUPLICATE {
        @Override
        List<Kline> klines(KlineRequest request, Function<KlineRequest, List<Kline>> honest) {
            return withFirstAgain(honest.apply(request), 0);
        }
    },
    /** The first bar comes twice, with different closes. */
    CONTRADICTION {
        @Override
        List<Kline> klines(KlineRequest request, Function<KlineRequest, List<Kline>> honest) {
            return withFirstAgain(honest.apply(request), 1);
        }
    },
    /** Bars before and after the range that was asked for are there, too. */
    OUT_OF_RANGE {
        @Override
        List<Kline> klines(KlineRequest request, Function<KlineRequest, List<Kline>> honest) {
            List<Kline> klines = new ArrayList<>(honest.apply(request));
            if (!klines.isEmpty()) {
                long length = request.series().timeframe().length().toMillis();
                Kline first = klines.get(0);
                Kline last = klines.get(klines.size() - 1);
                klines.add(0, first.at(first.openTime() - length));
                klines.add(last.at(Math.max(last.openTime(), request.endTime()) + length));
            }
            return klines;
        }
    },
    /** The bars of the range that begins and ends one bar later. */
    OFF_BY_ONE {
        @Override
        List<Kline> klines(KlineRequest request, Function<KlineRequest, List<Kline>> honest) {
            return honest.apply(request.moved(1));
        }
    },
    /** Each bar has the open time of the next one. */
    LATE_OPEN_TIMES {
        @Override
        List<Kline> klines(KlineRequest request, Function<KlineRequest, List<Kline>> honest) {
            long length = request.series().timeframe().length().toMillis();
            return map(honest.apply(request), kline -> kline.at(kline.openTime() + length));
        }
    },
    /** Open times are in seconds. */
    SECONDS {
        @Override
        List<Kline> klines(KlineRequest request, Function<KlineRequest, List<Kline>> honest) {
            return map(honest.apply(request), kline -> kline.at(kline.openTime() / 1_000));
        }
    },
    /** The high is below the low. */
    HIGH_BELOW_LOW {
        @Override
        List<Kline> klines(KlineRequest request, Function<KlineRequest, List<Kline>> honest) {
            return map(
                    honest.apply(request), kline -> kline.withPrices(kline.low() - 1, kline.high() + 1, kline.close()));
        }
    },
    /** The close is no number. */
    NOT_A_NUMBER {
        @Override
        List<Kline> klines(KlineRequest request, Function<KlineRequest, List<Kline>> honest) {
            return map(honest.apply(request), kline -> kline.withPrices(kline.high(), kline.low(), Double.NaN));
        }
    },
    /** The newer half of the bars is missing. */
    TOO_FEW {
        @Override
        List<Kline> klines(KlineRequest request, Function<KlineRequest, List<Kline>> honest) {
            List<Kline> klines = honest.apply(request);
            return klines.subList(0, klines.size() / 2);
        }
    },
    /** More bars than the limit; they go on beyond the end time if there are not as many in the range. */
    TOO_MANY {
        @Override
        List<Kline> klines(KlineRequest request, Function<KlineRequest, List<Kline>> honest) {
            int more = request.limit() + 10;
            KlineRequest endless = new KlineRequest(request.series(), request.startTime(), Long.MAX_VALUE, more);
            return honest.apply(endless);
        }
    },
    /** No bar. */
    NOTHING {
        @Override
        List<Kline> klines(KlineRequest request, Function<KlineRequest, List<Kline>> honest) {
            return List.of();
        }
    },
    /** {@code null} instead of an array. */
    NULL("null"),
    /** A page for people. */
    NOT_JSON("<html><body>We will be right back</body></html>");

    private final String body;

    Malice() {
        this("");
    }

    Malice(String body) {
        this.body = body;
    }

    /** The whole answer; empty if it has the klines. */
    String body() {
        return body;
    }

    /** @param honest gives the right answer to any request */
    List<Kline> klines(KlineRequest request, Function<KlineRequest, List<Kline>> honest) {
        return List.of();
    }

    private static List<Kline> map(List<Kline> klines, Function<Kline, Kline> change) {
        return klines.stream().map(change).toList();
    }

    private static List<Kline> withFirstAgain(List<Kline> klines, double higher) {
        List<Kline> more = new ArrayList<>(klines);
        if (!klines.isEmpty()) {
            Kline first = klines.get(0);
            more.add(1, first.withPrices(first.high() + higher, first.low(), first.close() + higher));
        }
        return more;
    }
}
