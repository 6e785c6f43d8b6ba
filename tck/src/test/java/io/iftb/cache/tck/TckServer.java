package io.iftb.cache.tck;

import io.iftb.cache.embedded.EmbeddedServer;
import org.jspecify.annotations.Nullable;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** The one server of a run of the official TCK, passed to the provider by its setting. */
public final class TckServer implements LauncherSessionListener {

    private @Nullable EmbeddedServer server;

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        EmbeddedServer started = EmbeddedServer.start();
        System.setProperty("iftb.cache.redis.uri", started.uri());
        server = started;
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        if (server != null) {
            server.close();
        }
    }
}
