package io.iftb.cache.jcache;

import java.util.concurrent.TimeUnit;
import javax.cache.configuration.Factory;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;

/** An expiry policy as settings write it: {@code eternal}, {@code created 5m}, {@code touched 10s}. */
final class ExpiryText {

    private ExpiryText() {}

    /** @throws IllegalArgumentException if the text is no policy, or its time is zero */
    static Factory<ExpiryPolicy> parse(String text) {
        String[] words = text.strip().split("\\s+", -1);
        if (words.length == 1 && words[0].equals("eternal")) {
            return EternalExpiryPolicy.factoryOf();
        }
        if (words.length != 2) {
            throw new IllegalArgumentException("not a policy and a time");
        }
        long millis = TimeText.parse(words[1]).toMillis();
        if (millis == 0) {
            throw new IllegalArgumentException("no time at all");
        }
        Duration duration = new Duration(TimeUnit.MILLISECONDS, millis);
        return switch (words[0]) {
            case "created" -> CreatedExpiryPolicy.factoryOf(duration);
            case "modified" -> ModifiedExpiryPolicy.factoryOf(duration);
            case "accessed" -> AccessedExpiryPolicy.factoryOf(duration);
            case "touched" -> TouchedExpiryPolicy.factoryOf(duration);
            default -> throw new IllegalArgumentException("not a policy");
        };
    }
}
