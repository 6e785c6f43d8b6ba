package com.acme.market;

import jakarta.persistence.Cacheable;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import java.time.LocalDate;
import org.hibernate.annotations.Cache;
import org.hibernate.annotations.CacheConcurrencyStrategy;
import org.hibernate.annotations.NaturalId;
import org.hibernate.annotations.NaturalIdCache;

@Entity
@Cacheable
@Cache(usage = CacheConcurrencyStrategy.READ_WRITE)
@NaturalIdCache
public class Instrument {

    @Id
    private long id;

    @NaturalId
    private String symbol;

    @Enumerated(EnumType.STRING)
    private Kind kind;

    private LocalDate listed;

    @ManyToOne(fetch = FetchType.LAZY)
    @JoinColumn(name = "exchange")
    private Exchange exchange;

    protected Instrument() {}

    public String getSymbol() {
        return symbol;
    }

    public Exchange getExchange() {
        return exchange;
    }

    public LocalDate getListed() {
        return listed;
    }

    public void setListed(LocalDate listed) {
        this.listed = listed;
    }
}
