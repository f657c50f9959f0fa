//! Looks at each thing, writes what is missing, and tells what was done.

use tokio::runtime::{Builder, Runtime};

use super::Common;
use crate::cli::ClusterOptions;
use crate::cli::cluster;
use crate::cli::open::clean;
use crate::source::elastic::engine::Engine;
use crate::source::elastic::setup::{Difference, State, Thing};
use crate::source::elastic::{Client, Error, Secret};

/// Differences that are shown of one thing.
const SHOWN: usize = 40;

/// A cluster that is being prepared.
pub(super) struct Site {
    runtime: Runtime,
    client: Client,
    /// What it is.
    pub(super) engine: Engine,
    profile: Option<(String, Vec<String>)>,
    is_forced: bool,
    left: bool,
}

impl Site {
    /// Connects to a cluster.
    ///
    /// # Errors
    /// A text for the user: a wrong address or option, or what the cluster answers.
    pub(super) fn connect(
        address: Option<&str>,
        options: &ClusterOptions,
        common: &Common,
    ) -> Result<Self, String> {
        let address = address.ok_or(
            "name the cluster (es://prod, https://es.example:9200), or see with --dry-run what \
             would be sent",
        )?;
        let mut target = cluster::reach(address, options)?;
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| format!("cannot start the runtime: {error}"))?;
        let (client, engine) = cluster::admitted(&mut target, &mut |connection| {
            let client = Client::new(connection)?;
            let engine = runtime.block_on(Engine::recognise(&client))?;
            Ok((client, engine))
        })?;
        println!("{}: {}", clean(&target.connection.name), clean(&engine.title()));
        let profile = target.profile.map(|name| (name, target.data_views));
        Ok(Self { runtime, client, engine, profile, is_forced: common.force, left: false })
    }

    /// Adds data views to the profile, where the cluster was named by one.
    ///
    /// # Errors
    /// A text for the user if the profile cannot be written.
    pub(super) fn add_data_views(&self, wanted: &[String]) -> Result<(), String> {
        let title = "data views";
        let Some((name, there)) = &self.profile else {
            say("skipped", title, "they are kept in a profile; `peavey cluster add` makes one");
            return Ok(());
        };
        let new: Vec<&String> = wanted.iter().filter(|view| !there.contains(view)).collect();
        if new.is_empty() {
            say("is there", title, &format!("in the profile {name}"));
            return Ok(());
        }
        let all: Vec<String> = there.iter().chain(new).cloned().collect();
        let profiles = cluster::profiles().ok_or("there is no home folder for profiles")?;
        profiles.set_data_views(name, &all)?;
        say("made", title, &format!("in the profile {name}"));
        Ok(())
    }

    /// Whether something was left as it is, although it differs.
    pub(super) fn has_left(&self) -> bool {
        self.left
    }

    /// Brings one thing about. `password` is asked where a user has to be made.
    ///
    /// # Errors
    /// A text for the user: what the cluster refuses, or that there is no password.
    pub(super) fn bring(
        &mut self,
        thing: Thing,
        password: &dyn Fn() -> Result<Secret, String>,
    ) -> Result<(), String> {
        let title = format!("{} {}", thing.what, thing.name);
        let state = self.runtime.block_on(thing.look(&self.client));
        let state = state.map_err(|error| error.sentence())?;
        let verb = match &state {
            State::Closed(error) if thing.is_security() => {
                say("skipped", &title, &closed(error));
                return Ok(());
            }
            State::Closed(error) => return Err(format!("{title}: {}", error.sentence())),
            State::Same if !(self.is_forced && thing.wants_password()) => {
                let note = if thing.wants_password() { "its password stays as it is" } else { "" };
                say("is there", &title, note);
                return Ok(());
            }
            State::Differs(differences) if !self.is_forced => {
                say("differs", &title, "left as it is; --force overwrites it");
                show(differences);
                self.left = true;
                return Ok(());
            }
            State::Missing => "made",
            State::Same | State::Differs(_) => "overwritten",
        };
        let thing = if thing.wants_password() { thing.with_password(password()?) } else { thing };
        match self.runtime.block_on(thing.put(&self.client)) {
            Ok(()) => say(verb, &title, ""),
            // Where security cannot be looked at but said nothing of it.
            Err(error) if thing.is_security() && error.is_not_there() => {
                say("skipped", &title, &closed(&error));
            }
            Err(error) => return Err(format!("{title}: {}", error.sentence())),
        }
        if let State::Differs(differences) = &state {
            show(differences);
        }
        Ok(())
    }
}

fn say(verb: &str, title: &str, note: &str) {
    let note = if note.is_empty() { String::new() } else { format!(": {note}") };
    println!("  {verb:<11} {}{}", clean(title), clean(&note));
}

fn show(differences: &[Difference]) {
    for difference in differences.iter().take(SHOWN) {
        let path = clean(&difference.path);
        if let Some(there) = &difference.there {
            println!("      - {path}: {}", clean(there));
        }
        if let Some(wanted) = &difference.wanted {
            println!("      + {path}: {}", clean(wanted));
        }
    }
    if differences.len() > SHOWN {
        println!("      and {} more", differences.len() - SHOWN);
    }
}

/// Why a matter of security cannot be seen to.
fn closed(error: &Error) -> String {
    match error {
        Error::Refused { status: 403, .. } => {
            "this user may not (it needs the cluster privilege manage_security)".to_owned()
        }
        _ => "this cluster has no security, or it is switched off".to_owned(),
    }
}
