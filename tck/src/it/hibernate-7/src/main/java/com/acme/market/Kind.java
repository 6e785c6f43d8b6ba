package com.acme.market;

public enum Kind {
    SPOT,
    FUTURE
}
