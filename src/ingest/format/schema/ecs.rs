//! The types of the fields that are known by name: those of the Elastic Common Schema that logs
//! of servers use, and the names of Logstash's classic patterns and Kibana's sample data.

use crate::event::FieldType;

/// The type of a field of the Elastic Common Schema.
#[must_use]
pub fn ecs(name: &str) -> Option<FieldType> {
    let has = |list: &[&str]| list.binary_search(&name).is_ok();
    if has(KEYWORDS) {
        Some(FieldType::Keyword)
    } else if has(LONGS) {
        Some(FieldType::Long)
    } else if has(TEXTS) {
        Some(FieldType::Text)
    } else if has(IPS) {
        Some(FieldType::Ip)
    } else if has(DATES) {
        Some(FieldType::Date)
    } else if has(POINTS) {
        Some(FieldType::GeoPoint)
    } else {
        None
    }
}

/// The type of a classic name: `Text` means text with a `.keyword` beside it.
#[must_use]
pub fn classic(name: &str) -> Option<FieldType> {
    Some(match name {
        "agent" | "extension" | "host" | "httpversion" | "index" | "machine.os" | "program"
        | "referrer" | "request" | "response" | "url" | "verb" => FieldType::Text,
        "referer" | "geo.dest" | "geo.src" | "geo.srcdest" => FieldType::Keyword,
        "clientip" | "ip" => FieldType::Ip,
        "bytes" | "machine.ram" | "phpmemory" => FieldType::Long,
        "memory" => FieldType::Double,
        "geo.coordinates" => FieldType::GeoPoint,
        "utc_time" => FieldType::Date,
        _ => return None,
    })
}

const DATES: &[&str] = &[
    "@timestamp",
    "event.created",
    "event.end",
    "event.ingested",
    "event.start",
    "file.created",
    "file.mtime",
    "process.start",
];

const IPS: &[&str] = &["client.ip", "destination.ip", "host.ip", "server.ip", "source.ip"];

const POINTS: &[&str] = &[
    "client.geo.location",
    "destination.geo.location",
    "host.geo.location",
    "source.geo.location",
];

const TEXTS: &[&str] =
    &["error.message", "error.stack_trace", "event.original", "log_message", "message"];

const LONGS: &[&str] = &[
    "client.bytes",
    "client.port",
    "destination.bytes",
    "destination.port",
    "event.duration",
    "event.sequence",
    "event.severity",
    "file.size",
    "http.request.body.bytes",
    "http.request.bytes",
    "http.response.body.bytes",
    "http.response.bytes",
    "http.response.status_code",
    "log.offset",
    "log.origin.file.line",
    "log.syslog.facility.code",
    "log.syslog.priority",
    "log.syslog.severity.code",
    "network.bytes",
    "network.packets",
    "process.exit_code",
    "process.parent.pid",
    "process.pid",
    "process.ppid",
    "process.thread.id",
    "server.bytes",
    "server.port",
    "source.bytes",
    "source.port",
    "url.port",
];

const KEYWORDS: &[&str] = &[
    "agent.id",
    "agent.name",
    "agent.type",
    "agent.version",
    "client.address",
    "client.domain",
    "cloud.availability_zone",
    "cloud.instance.id",
    "cloud.provider",
    "cloud.region",
    "container.id",
    "container.image.name",
    "container.image.tag",
    "container.name",
    "container.runtime",
    "destination.address",
    "destination.domain",
    "ecs.version",
    "error.code",
    "error.id",
    "error.type",
    "event.action",
    "event.category",
    "event.code",
    "event.dataset",
    "event.id",
    "event.kind",
    "event.module",
    "event.outcome",
    "event.provider",
    "event.reason",
    "event.timezone",
    "event.type",
    "file.name",
    "file.path",
    "host.architecture",
    "host.hostname",
    "host.id",
    "host.name",
    "host.os.name",
    "http.request.id",
    "http.request.method",
    "http.request.mime_type",
    "http.request.referrer",
    "http.response.mime_type",
    "http.version",
    "log.file.path",
    "log.level",
    "log.logger",
    "log.origin.file.name",
    "log.origin.function",
    "log.syslog.appname",
    "log.syslog.facility.name",
    "log.syslog.hostname",
    "log.syslog.msgid",
    "log.syslog.procid",
    "log.syslog.severity.name",
    "log.syslog.version",
    "network.protocol",
    "network.transport",
    "orchestrator.namespace",
    "process.command_line",
    "process.executable",
    "process.name",
    "process.thread.name",
    "server.address",
    "server.domain",
    "service.environment",
    "service.id",
    "service.name",
    "service.node.name",
    "service.type",
    "service.version",
    "source.address",
    "source.domain",
    "span.id",
    "stream",
    "tags",
    "tls.cipher",
    "tls.version",
    "trace.id",
    "transaction.id",
    "url.domain",
    "url.extension",
    "url.fragment",
    "url.full",
    "url.original",
    "url.path",
    "url.query",
    "url.scheme",
    "user.domain",
    "user.email",
    "user.id",
    "user.name",
    "user_agent.name",
    "user_agent.original",
    "user_agent.version",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted() {
        for list in [KEYWORDS, LONGS, TEXTS, IPS, DATES, POINTS] {
            assert!(list.is_sorted(), "{list:?}");
        }
    }

    #[test]
    fn types_by_name() {
        assert_eq!(ecs("http.response.status_code"), Some(FieldType::Long));
        assert_eq!(ecs("message"), Some(FieldType::Text));
        assert_eq!(ecs("nonsense"), None);
        assert_eq!(classic("response"), Some(FieldType::Text));
    }
}
