package com.acme.market;

import jakarta.persistence.Cacheable;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.LocalDate;
import org.hibernate.annotations.Cache;
import org.hibernate.annotations.CacheConcurrencyStrategy;

@Entity
@Cacheable
@Cache(usage = CacheConcurrencyStrategy.READ_WRITE)
public class DailyClose {

    @EmbeddedId
    private Id id;

    private BigDecimal price;

    protected DailyClose() {}

    public BigDecimal getPrice() {
        return price;
    }

    /** A composite id with an enum, whose hash code differs between JVMs. */
    @Embeddable
    public record Id(
            String symbol,
            @Enumerated(EnumType.STRING) Kind kind,
            @Column(name = "trading_day") LocalDate day)
            implements Serializable {}
}
