package io.iftb.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UndocumentedApiTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void of_namesWithoutJavadoc_areFound() throws IOException {
        Files.writeString(folder.resolve("Order.java"), """
                package com.acme;

                public class Order {
                    public static final int LIMIT = 1;
                    public Order(int amount) {}
                    protected void send(String symbol, long times) {}
                    public interface Listener {
                        void sent();
                    }
                    public enum Side {
                        BUY
                    }
                    public record Fill(double price) {}
                }
                """);

        assertThat(UndocumentedApi.of(folder))
                .containsExactly(
                        "com.acme.Order",
                        "com.acme.Order.LIMIT",
                        "com.acme.Order.<init>(int)",
                        "com.acme.Order.send(String, long)",
                        "com.acme.Order.Listener",
                        "com.acme.Order.Listener.sent()",
                        "com.acme.Order.Side",
                        "com.acme.Order.Side.BUY",
                        "com.acme.Order.Fill");
    }

    @Test
    void of_whatIsDocumentedOrNotVisibleOrOverrides_isLeftOut() throws IOException {
        Files.writeString(folder.resolve("Order.java"), """
                package com.acme;

                /** An order. */
                public class Order {
                    int amount;

                    private void send() {}

                    @Override
                    public String toString() {
                        return "";
                    }

                    /** Sends it. */
                    public void send(String symbol) {}

                    /** A part. */
                    public record Fill(double price) {}

                    static class Draft {
                        public void send() {}
                    }
                }
                """);

        assertThat(UndocumentedApi.of(folder)).isEmpty();
    }
}
