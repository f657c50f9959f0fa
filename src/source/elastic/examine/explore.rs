//! Asks everything, as much of it at once as the client allows.

use futures_util::future::join_all;

use super::{
    Asked, Catalog, Colour, Data, Facts, Failures, Newest, allocation, caller, catalog, fields,
    health, license, node, records, retention, setting, template,
};
use crate::source::elastic::calls::Call;
use crate::source::elastic::client::Client;
use crate::source::elastic::engine::Product;
use crate::source::elastic::error::Error;
use crate::time::Millis;

/// The most streams whose newest record is asked for.
const MOST: usize = 40;

/// What is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// The index pattern, where the data is to be looked at.
    pub pattern: Option<&'a str>,
    /// The field that has the time of records.
    pub time_field: &'a str,
    /// Whether what writing needs is asked for too.
    pub writing: bool,
    /// The clock of this machine.
    pub now: fn() -> Millis,
}

/// Asks a cluster that was reached.
pub async fn examine(client: &Client, product: Product, wish: Wish<'_>) -> Facts {
    let (clock, who, license, health, nodes, limits, templates) = tokio::join!(
        clock(client),
        caller::ask(client, product),
        license::ask(client),
        health::ask(client),
        timed_nodes(client, wish.now),
        node::ask_limits(client),
        template::ask(client),
    );
    let is_ill = health.as_ref().is_ok_and(|health| health.colour != Colour::Green);
    let allocation = if is_ill { Some(allocation::ask(client).await) } else { None };
    let (before, nodes) = nodes;
    let of_node = nodes.as_ref().ok().and_then(|nodes| nodes.first());
    let of_node = of_node.and_then(|node| Some((node.clock?, node.name.clone())));
    let privileges = match wish.pattern {
        Some(pattern) if product == Product::Elasticsearch => {
            Some(caller::ask_privileges(client, pattern, wish.writing).await)
        }
        _ => None,
    };
    let data = match wish.pattern {
        Some(pattern) => Some(data(client, product, pattern, wish.time_field).await),
        None => None,
    };
    Facts {
        now: if of_node.is_some() { before } else { (wish.now)() },
        clock: of_node.or(clock),
        caller: who,
        privileges,
        license,
        health,
        allocation,
        nodes,
        limits,
        templates,
        data,
    }
}

/// The nodes, and this machine's clock in the middle of asking for them.
async fn timed_nodes(client: &Client, now: fn() -> Millis) -> (Millis, Asked<Vec<node::Node>>) {
    let before = now();
    let nodes = node::ask(client).await;
    (Millis(i64::midpoint(before.0, now().0)), nodes)
}

/// What a proxy's `Date` header says.
async fn clock(client: &Client) -> Option<(Millis, String)> {
    let reply = client.call(Call::Root, "", "", None).await.ok()?;
    let date = chrono::DateTime::parse_from_rfc2822(reply.date.as_deref()?).ok()?;
    Some((Millis(date.timestamp_millis()), reply.host))
}

async fn data(client: &Client, product: Product, pattern: &str, time: &str) -> Data {
    let (catalog, fields, settings) = tokio::join!(
        catalog::ask(client, pattern),
        fields::ask(client, pattern, time),
        setting::ask(client, pattern),
    );
    let (newest, unasked) = newest(client, (pattern, time), &catalog).await;
    let known = newest.iter().filter_map(|asked| asked.as_ref().ok());
    let last = known.filter_map(|newest| newest.at).max();
    let failures = match last {
        Some(last) => Some(failures(client, (pattern, time), &fields, last).await),
        None => None,
    };
    Data {
        pattern: pattern.to_owned(),
        time_field: time.to_owned(),
        retention: retention::ask(client, product, pattern, &settings).await,
        catalog,
        fields,
        settings,
        newest,
        unasked,
        failures,
    }
}

async fn newest(
    client: &Client,
    (pattern, time): (&str, &str),
    catalog: &Asked<Catalog>,
) -> (Vec<Asked<Newest>>, usize) {
    let names: Vec<&str> = match catalog {
        Ok(catalog) => catalog.readable(),
        // Who may not list names may still search.
        Err(_) => vec![pattern],
    };
    let asked = names.iter().take(MOST).map(|name| records::ask_newest(client, name, time));
    (join_all(asked).await, names.len().saturating_sub(MOST))
}

async fn failures(
    client: &Client,
    (pattern, time): (&str, &str),
    fields: &Asked<fields::Fields>,
    last: Millis,
) -> Asked<Failures> {
    let tags = fields.as_ref().map_err(Error::clone)?.tags.as_deref();
    records::ask_failures(client, (pattern, time), tags, last).await
}
