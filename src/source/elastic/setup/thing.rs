//! A named thing that a cluster is to have: how it is looked at, compared, written, and shown.

use serde_json::{Value as Json, json};

use super::difference::{Difference, Leaves, between, leaves};
use super::writes::Write;
use crate::source::elastic::calls::Call;
use crate::source::elastic::client::Client;
use crate::source::elastic::error::Error;
use crate::source::elastic::secret::Secret;

/// A named thing that a cluster is to have.
#[derive(Debug, Clone)]
pub struct Thing {
    /// What it is: `index template`.
    pub what: &'static str,
    /// Its name.
    pub name: String,
    write: Write,
    read: Call,
    body: Json,
    password: Option<Secret>,
}

/// What a cluster has of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Nothing.
    Missing,
    /// Just this.
    Same,
    /// Another of this name.
    Differs(Vec<Difference>),
    /// It cannot be told: the call is not allowed, or not there.
    Closed(Error),
}

impl Thing {
    /// A template of indices.
    #[must_use]
    pub fn template(name: &str, body: Json) -> Self {
        Self::new("index template", name, (Write::IndexTemplate, Call::IndexTemplate), body)
    }

    pub(super) fn new(
        what: &'static str,
        name: &str,
        (write, read): (Write, Call),
        body: Json,
    ) -> Self {
        Self { what, name: name.to_owned(), write, read, body, password: None }
    }

    /// Whether it is a matter of security, which clusters may not have.
    #[must_use]
    pub fn is_security(&self) -> bool {
        self.write != Write::IndexTemplate
    }

    /// Whether a password has to be known to make it.
    #[must_use]
    pub fn wants_password(&self) -> bool {
        self.password.is_none() && matches!(self.write, Write::User | Write::OpenSearchUser)
    }

    /// With the password of the user that it is.
    #[must_use]
    pub fn with_password(self, password: Secret) -> Self {
        Self { password: Some(password), ..self }
    }

    /// The request as Kibana's console has it; a password is a placeholder.
    #[must_use]
    pub fn console(&self) -> String {
        let (_, path) = self.write.route(&self.name);
        let mut body = self.body.clone();
        if matches!(self.write, Write::User | Write::OpenSearchUser) {
            body["password"] = json!("PASSWORD");
        }
        format!("PUT {path}\n{body:#}")
    }

    /// Looks at what a cluster has of it.
    ///
    /// # Errors
    /// If the cluster cannot be reached.
    pub async fn look(&self, client: &Client) -> Result<State, Error> {
        match client.call(self.read, &self.name, "", None).await {
            Ok(reply) => Ok(self.compare(&reply.json()?)),
            Err(Error::Refused { status: 404, kind, .. }) if !kind.starts_with("index_not") => {
                Ok(State::Missing)
            }
            Err(error @ Error::Refused { status: 400.., .. })
                if !matches!(error, Error::Refused { status: 401 | 429, .. }) =>
            {
                Ok(State::Closed(error))
            }
            Err(error) => Err(error),
        }
    }

    /// Writes it.
    ///
    /// # Errors
    /// If the cluster does not answer, or refuses.
    pub async fn put(&self, client: &Client) -> Result<(), Error> {
        let mut body = self.body.clone();
        if let Some(password) = &self.password {
            body["password"] = json!(password.reveal());
        }
        client.write(self.write, &self.name, &body).await.map(|_reply| ())
    }

    /// Compares an answer with it.
    #[must_use]
    pub fn compare(&self, answer: &Json) -> State {
        let there = match self.write {
            Write::IndexTemplate => &answer["index_templates"][0]["index_template"],
            _ => &answer[&self.name],
        };
        if !there.is_object() {
            return State::Missing;
        }
        let differences = between(&self.leaves_of(there), &self.leaves_of(&self.body));
        if differences.is_empty() { State::Same } else { State::Differs(differences) }
    }

    /// What counts of it.
    fn leaves_of(&self, body: &Json) -> Leaves {
        let mut found = Leaves::new();
        let mut take = |key: &str| leaves(key, &body[key], &mut found);
        match self.write {
            Write::IndexTemplate => {
                take("index_patterns");
                take("priority");
                take("composed_of");
                template(body, &mut found);
            }
            Write::Role => {
                take("cluster");
                for (at, rule) in body["indices"].as_array().into_iter().flatten().enumerate() {
                    for key in ["names", "privileges", "query"] {
                        leaves(&format!("indices.{at}.{key}"), &rule[key], &mut found);
                    }
                }
            }
            Write::User => {
                take("roles");
                take("full_name");
                // A user is enabled unless somebody has disabled it.
                if body["enabled"] == false {
                    found.insert("enabled".to_owned(), "false".to_owned());
                }
            }
            Write::OpenSearchRole => {
                take("cluster_permissions");
                let rules = body["index_permissions"].as_array().into_iter().flatten();
                for (at, rule) in rules.enumerate() {
                    for key in ["index_patterns", "allowed_actions", "dls"] {
                        leaves(&format!("index_permissions.{at}.{key}"), &rule[key], &mut found);
                    }
                }
            }
            Write::OpenSearchMapping => take("users"),
            Write::OpenSearchUser => take("backend_roles"),
        }
        // What is empty was not wanted by anybody.
        found.retain(|_, text| !text.is_empty());
        found
    }
}

/// What a template makes: streams or not, settings, mappings.
fn template(body: &Json, into: &mut Leaves) {
    let makes = if body["data_stream"].is_object() { "data streams" } else { "plain indices" };
    into.insert("makes".to_owned(), makes.to_owned());
    let mut settings = Leaves::new();
    leaves("", &body["template"]["settings"], &mut settings);
    for (name, text) in settings {
        let name = if name.starts_with("index.") { name } else { format!("index.{name}") };
        into.insert(format!("settings.{name}"), text);
    }
    leaves("mappings", &body["template"]["mappings"], into);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{State, Thing};
    use crate::source::elastic::Secret;
    use crate::source::elastic::setup::parcel;

    fn wanted() -> Thing {
        Thing::template(
            "pt",
            json!({"index_patterns": ["logs-*-pt"], "data_stream": {}, "priority": 5,
            "template": {"settings": {"number_of_shards": 1}, "mappings": {"properties": {"a": {"type": "keyword"}}}}}),
        )
    }

    fn there(settings: &serde_json::Value, kind: &str) -> State {
        wanted().compare(&json!({"index_templates": [{"name": "pt", "index_template": {"index_patterns": ["logs-*-pt"],
            "template": {"settings": settings, "mappings": {"properties": {"a": {"type": kind}}}},
            "composed_of": [], "priority": 5, "data_stream": {"timestamp_field": {"name": "@timestamp"}}}}]}))
    }

    #[test]
    fn what_an_engine_gives_back_is_the_same_in_other_words() {
        assert_eq!(there(&json!({"index": {"number_of_shards": "1"}}), "keyword"), State::Same);
        let State::Differs(found) = there(&json!({"index": {"number_of_shards": "2"}}), "text")
        else {
            panic!("it differs");
        };
        let told: Vec<(&str, Option<&str>, Option<&str>)> = found
            .iter()
            .map(|one| (one.path.as_str(), one.there.as_deref(), one.wanted.as_deref()))
            .collect();
        let expected = [
            ("mappings.properties.a.type", Some("text"), Some("keyword")),
            ("settings.index.number_of_shards", Some("2"), Some("1")),
        ];
        assert_eq!(told, expected);
        assert_eq!(wanted().compare(&json!({"index_templates": []})), State::Missing);
    }

    #[test]
    fn documented_roles_and_users_are_compared() {
        let [role, user] = &parcel::security_of_elasticsearch("logstash_writer")[..] else {
            panic!("a role and a user");
        };
        // https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-security-get-role
        let answer = json!({"logstash_writer_pt": {"cluster": ["monitor"], "indices": [{"names": ["logs-*-pt"],
            "privileges": ["read", "create_index", "create_doc", "index", "create", "write", "auto_configure"],
            "allow_restricted_indices": false}], "applications": [], "run_as": [], "metadata": {},
            "transient_metadata": {"enabled": true}}});
        assert_eq!(role.compare(&answer), State::Same);
        assert_eq!(role.compare(&json!({})), State::Missing);
        // https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-security-get-user
        let answer = |roles: &[&str]| {
            json!({"logstash_writer": {"username": "logstash_writer", "roles": roles,
            "full_name": "Logstash writer for PT data streams", "email": null, "metadata": {}, "enabled": true}})
        };
        assert_eq!(user.compare(&answer(&["logstash_writer_pt"])), State::Same);
        assert!(matches!(user.compare(&answer(&["superuser"])), State::Differs(_)));
        let [role, mapping, user] = ["logstash_writer_pt", "logstash_writer_pt", "logstash_writer"]
            .map(str::to_owned)
            .iter()
            .zip(parcel::security_of_opensearch("logstash_writer"))
            .map(|(name, thing)| {
                assert_eq!(*name, thing.name);
                thing
            })
            .collect::<Vec<_>>()
            .try_into()
            .unwrap();
        // https://docs.opensearch.org/latest/security/access-control/api/
        let answer = json!({"logstash_writer_pt": {"reserved": false, "hidden": false,
            "cluster_permissions": ["cluster_monitor", "cluster_composite_ops"], "index_permissions": [{"index_patterns": ["logs-*-pt"],
            "dls": "", "fls": [], "masked_fields": [], "allowed_actions": ["crud", "create_index", "indices:admin/auto_create"]}],
            "tenant_permissions": [], "static": false}});
        assert_eq!(role.compare(&answer), State::Same);
        let answer = json!({"logstash_writer_pt": {"hosts": [], "users": ["logstash_writer"], "reserved": false,
            "hidden": false, "backend_roles": [], "and_backend_roles": []}});
        assert_eq!(mapping.compare(&answer), State::Same);
        let answer = json!({"logstash_writer": {"hash": "", "reserved": false, "hidden": false, "backend_roles": [],
            "attributes": {}, "opendistro_security_roles": [], "static": false}});
        assert_eq!(user.compare(&answer), State::Same);
    }

    #[test]
    fn a_password_is_in_no_output() {
        for things in [parcel::security_of_elasticsearch("w"), parcel::security_of_opensearch("w")]
        {
            let user = things.into_iter().find(Thing::wants_password).unwrap();
            let user = user.with_password(Secret::new("hunter2"));
            assert!(!user.wants_password());
            assert!(!format!("{user:?}{}", user.console()).contains("hunter2"));
            assert!(user.console().contains("PASSWORD"));
        }
    }
}
