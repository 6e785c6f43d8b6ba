package com.acme.market;

import java.time.LocalDate;
import java.util.List;
import java.util.Scanner;

/** For each line that it is told, reads an entity and a query, and prints them with the number of SQL statements. */
final class Reader {

    private Reader() {}

    public static void main(String[] arguments) {
        try (Market market = new Market();
                Scanner told = new Scanner(System.in)) {
            while (told.hasNextLine()) {
                told.nextLine();
                market.statistics().clear();
                System.out.println(market.listed("BTCUSDT") + " "
                        + market.listedSince(Kind.SPOT, LocalDate.of(2019, 9, 1), List.of("BTCUSDT", "ETHUSDT"))
                        + " with " + market.statistics().getPrepareStatementCount() + " SQL statements");
            }
        }
    }
}
