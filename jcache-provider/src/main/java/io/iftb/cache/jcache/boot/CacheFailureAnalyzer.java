package io.iftb.cache.jcache.boot;

import io.iftb.cache.codec.UntrustedClassException;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.settings.SettingException;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/**
 * Lets Spring Boot say in a few lines why an application does not start: what is wrong with the server, a setting or a class,
 * and what to do, instead of a stack trace. Spring Boot finds it in {@code META-INF/spring.factories}.
 */
public final class CacheFailureAnalyzer implements FailureAnalyzer {

    /** Between the two parts of our messages. */
    private static final String REMEDY = "; ";

    /** In the message of {@code createCache}. */
    private static final String EXISTS = " exists already in this cache manager" + REMEDY;

    /** Spring Boot creates the caches of a context in the manager that another context has opened. */
    private static final String SECOND_CONTEXT =
            "If another application context of this JVM is open, give each of them a"
                    + " spring.cache.jcache.config of its own (an empty YAML file will do), or close that one before, in tests by"
                    + " @DirtiesContext. Otherwise, create the cache in one place.";

    /** Creates it. */
    public CacheFailureAnalyzer() {}

    /** The two parts of our message; null if the failure is not ours. */
    @Override
    @SuppressWarnings("NullAway") // null is allowed, says the documentation of the interface
    public FailureAnalysis analyze(Throwable failure) {
        Throwable ours = ours(failure);
        if (ours == null) {
            return null;
        }
        String message = String.valueOf(ours.getMessage());
        if (ours instanceof CacheException) {
            return new FailureAnalysis(
                    capitalized(message.substring(0, message.indexOf(REMEDY))) + ".", SECOND_CONTEXT, ours);
        }
        int remedy = message.indexOf(REMEDY);
        return remedy < 0
                ? new FailureAnalysis(capitalized(message), "Change that, and start again.", ours)
                : new FailureAnalysis(
                        capitalized(message.substring(0, remedy)) + ".",
                        capitalized(message.substring(remedy + REMEDY.length())) + ".",
                        ours);
    }

    /** The failure of ours in a chain of causes, whose message names the remedy; null if there is none. */
    static @Nullable Throwable ours(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof RedisServerException
                    || each instanceof SettingException
                    || each instanceof BootSettings.PlaceholderException
                    || each instanceof UntrustedClassException
                    || isSecondCreation(each)) {
                return each;
            }
        }
        return null;
    }

    private static boolean isSecondCreation(Throwable failure) {
        return failure instanceof CacheException
                && String.valueOf(failure.getMessage()).contains(EXISTS);
    }

    private static String capitalized(String text) {
        return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
