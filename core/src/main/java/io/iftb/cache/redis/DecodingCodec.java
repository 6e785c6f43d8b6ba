package io.iftb.cache.redis;

import org.redisson.client.codec.BaseCodec;
import org.redisson.client.codec.Codec;
import org.redisson.client.protocol.Decoder;
import org.redisson.client.protocol.Encoder;

/** A codec of the client library that only decodes: arguments are encoded before they are sent. */
interface DecodingCodec extends Codec {

    @Override
    default Decoder<Object> getMapValueDecoder() {
        return getValueDecoder();
    }

    @Override
    default Decoder<Object> getMapKeyDecoder() {
        return getValueDecoder();
    }

    @Override
    default Encoder getValueEncoder() {
        throw new UnsupportedOperationException("arguments are encoded before they are sent");
    }

    @Override
    default Encoder getMapValueEncoder() {
        return getValueEncoder();
    }

    @Override
    default Encoder getMapKeyEncoder() {
        return getValueEncoder();
    }

    @Override
    default ClassLoader getClassLoader() {
        return BaseCodec.class.getClassLoader();
    }
}
