package io.iftb.cache.jcache;

import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Timeframe;

/** Both stores, with keys and values for them. */
enum StoreKind {
    /** one Redis key for each entry */
    KEYED(String.class, Integer.class) {
        @Override
        Object key(int number) {
            return "key" + number;
        }

        @Override
        Object value(Object key, int number) {
            return number;
        }

        @Override
        int number(Object value) {
            return (Integer) value;
        }
    },
    /** bars of one series */
    SERIES(BarKey.class, OhlcvBar.class) {
        @Override
        Object key(int number) {
            return new BarKey("BTCUSDT", Timeframe.parse("1m"), 1_700_000_040_000L + number * 60_000L);
        }

        @Override
        Object value(Object key, int number) {
            return new OhlcvBar(((BarKey) key).openTime(), 1, 100, 1, 1, number);
        }

        @Override
        int number(Object value) {
            return (int) ((OhlcvBar) value).volume();
        }
    };

    final Class<?> keyType;
    final Class<?> valueType;

    StoreKind(Class<?> keyType, Class<?> valueType) {
        this.keyType = keyType;
        this.valueType = valueType;
    }

    static StoreKind of(Object key) {
        return key instanceof BarKey ? SERIES : KEYED;
    }

    abstract Object key(int number);

    abstract Object value(Object key, int number);

    /** The number of a value. */
    abstract int number(Object value);
}
