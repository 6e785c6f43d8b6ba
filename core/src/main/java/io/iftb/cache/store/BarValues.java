package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.ValueCodec;
import io.iftb.cache.market.OhlcvBar;

/** Single bars as the bytes of an entry. */
final class BarValues implements ValueCodec<OhlcvBar> {

    @Override
    public byte[] encode(OhlcvBar bar) {
        return BarRow.value(bar);
    }

    @Override
    public OhlcvBar decode(byte[] value) {
        return BarRow.bar(value);
    }

    @Override
    public boolean needsNoTrust() {
        return true;
    }
}
