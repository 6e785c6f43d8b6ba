package io.iftb.cache.settings;

import org.jspecify.annotations.Nullable;

/** A setting that is unknown or wrong; the message names the setting, its place, the value and what is accepted. */
public final class SettingException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    SettingException(String message) {
        super(message);
    }

    SettingException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
