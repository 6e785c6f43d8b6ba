create table exchange (code varchar(10) primary key, name varchar(50));
create table instrument (
    id bigint primary key,
    symbol varchar(20) unique,
    kind varchar(10),
    listed date,
    exchange varchar(10) references exchange);
create table DailyClose (
    symbol varchar(20),
    kind varchar(10),
    trading_day date,
    price numeric(20, 8),
    primary key (symbol, kind, trading_day));

insert into exchange values ('XB', 'Exchange B');
insert into instrument values (1, 'BTCUSDT', 'SPOT', '2019-09-08', 'XB');
insert into instrument values (2, 'ETHUSDT', 'SPOT', '2019-11-27', 'XB');
insert into instrument values (3, 'SOLUSDT', 'FUTURE', '2020-09-14', 'XB');
insert into DailyClose values ('BTCUSDT', 'SPOT', '2025-10-28', 113912.05);
