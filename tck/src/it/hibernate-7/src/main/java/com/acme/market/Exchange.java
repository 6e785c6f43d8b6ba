package com.acme.market;

import jakarta.persistence.Cacheable;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.annotations.Cache;
import org.hibernate.annotations.CacheConcurrencyStrategy;

@Entity
@Cacheable
@Cache(usage = CacheConcurrencyStrategy.READ_WRITE)
public class Exchange {

    @Id
    private String code;

    private String name;

    @OneToMany(mappedBy = "exchange")
    @OrderBy("symbol")
    @Cache(usage = CacheConcurrencyStrategy.READ_WRITE)
    private List<Instrument> instruments = new ArrayList<>();

    protected Exchange() {}

    public String getName() {
        return name;
    }

    public List<Instrument> getInstruments() {
        return instruments;
    }
}
