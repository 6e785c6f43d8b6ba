package com.acme.market;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;

/** Reads everything, twice, and prints it with the number of SQL statements. */
public final class MarketApplication {

    private MarketApplication() {}

    public static void main(String[] arguments) throws SQLException {
        createDatabase();
        try (Market market = new Market()) {
            for (int i = 0; i < 2; i++) {
                market.statistics().clear();
                System.out.println(readAll(market) + " with " + market.statistics().getPrepareStatementCount()
                        + " SQL statements");
            }
        }
    }

    static String readAll(Market market) {
        return market.exchange("XB") + " " + market.exchangeOf("BTCUSDT") + " " + market.close(Market.BITCOIN) + " "
                + market.listedSince(Kind.SPOT, LocalDate.of(2019, 9, 1), List.of("BTCUSDT", "ETHUSDT", "SOLUSDT"));
    }

    /** The database, new and without Hibernate, which would see changes and empty its caches. */
    static void createDatabase() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:market;DB_CLOSE_DELAY=-1")) {
            connection.createStatement().execute("drop all objects");
            connection.createStatement().execute("runscript from 'classpath:market.sql'");
        }
    }
}
