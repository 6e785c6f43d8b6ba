package com.acme.market;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.hibernate.stat.Statistics;

/** A market in a database, whose entities and queries Hibernate caches. */
public final class Market implements AutoCloseable {

    public static final DailyClose.Id BITCOIN = new DailyClose.Id("BTCUSDT", Kind.SPOT, LocalDate.of(2025, 10, 28));

    private final SessionFactory factory = new Configuration()
            .addAnnotatedClasses(Exchange.class, Instrument.class, DailyClose.class)
            .buildSessionFactory();

    /** The name of an exchange, and the symbols of its instruments. */
    public String exchange(String code) {
        return factory.fromSession(session -> {
            Exchange exchange = session.find(Exchange.class, code);
            return exchange.getName() + " " + symbols(exchange.getInstruments());
        });
    }

    /** The exchange of the instrument with a symbol, which is its natural id. */
    public String exchangeOf(String symbol) {
        return factory.fromSession(session -> session.bySimpleNaturalId(Instrument.class)
                .load(symbol)
                .getExchange()
                .getName());
    }

    /** The day on which the instrument with a symbol was listed. */
    public LocalDate listed(String symbol) {
        return factory.fromSession(session ->
                session.bySimpleNaturalId(Instrument.class).load(symbol).getListed());
    }

    /** The closing price of a day; null if there is none. */
    public BigDecimal close(DailyClose.Id id) {
        return factory.fromSession(session -> {
            DailyClose close = session.find(DailyClose.class, id);
            return close == null ? null : close.getPrice();
        });
    }

    /** The symbols among some that are of a kind and were listed since a day. */
    public List<String> listedSince(Kind kind, LocalDate day, List<String> symbols) {
        return factory.fromSession(session -> symbols(session.createSelectionQuery(
                        "from Instrument where kind = :kind and listed >= :day and symbol in :symbols order by id",
                        Instrument.class)
                .setParameter("kind", kind)
                .setParameter("day", day)
                .setParameterList("symbols", symbols)
                .setCacheable(true)
                .getResultList()));
    }

    private static List<String> symbols(List<Instrument> instruments) {
        return instruments.stream().map(Instrument::getSymbol).toList();
    }

    public void list(String symbol, LocalDate day) {
        factory.inTransaction(session ->
                session.bySimpleNaturalId(Instrument.class).load(symbol).setListed(day));
    }

    public void remove(DailyClose.Id id) {
        factory.inTransaction((Session session) -> session.remove(session.find(DailyClose.class, id)));
    }

    public Statistics statistics() {
        return factory.getStatistics();
    }

    @Override
    public void close() {
        factory.close();
    }
}
