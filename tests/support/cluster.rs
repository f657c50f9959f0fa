//! Clusters of three real nodes, for tests that kill or stop one of them.

use std::net::TcpListener;
use std::process::Command;
use std::time::{Duration, Instant};

use super::engine::Engine;

/// Three nodes that know each other.
pub struct Cluster {
    /// The nodes.
    pub nodes: Vec<Engine>,
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Cluster {
    /// Starts three nodes that find out within some seconds that one of them is gone; says that
    /// `test` is skipped where this machine cannot.
    pub fn start(name: &'static str, test: &str) -> Option<Self> {
        let ports = [free_port(), free_port(), free_port()];
        let seeds: Vec<String> = ports.iter().map(|port| format!("127.0.0.1:{port}")).collect();
        let seeds = format!("discovery.seed_hosts=[{}]", seeds.join(","));
        let word = if name.starts_with("os") { "cluster_manager" } else { "master" };
        let first = format!("cluster.initial_{word}_nodes=[n0,n1,n2]");
        let mut settings: Vec<String> = Vec::new();
        for check in ["follower_check", "leader_check"] {
            for (setting, value) in
                [("interval", "500ms"), ("timeout", "2500ms"), ("retry_count", "2")]
            {
                settings.push(format!("cluster.fault_detection.{check}.{setting}={value}"));
            }
        }
        let starting: Vec<_> = ports
            .iter()
            .enumerate()
            .map(|(at, port)| {
                let own = [
                    vec![format!("node.name=n{at}"), format!("transport.port={port}")],
                    vec![seeds.clone(), first.clone()],
                    settings.clone(),
                ];
                let (own, test) = (own.concat(), test.to_owned());
                std::thread::spawn(move || {
                    let own: Vec<&str> = own.iter().map(String::as_str).collect();
                    Engine::start_with(name, &test, &own)
                })
            })
            .collect();
        let nodes: Option<Vec<Engine>> =
            starting.into_iter().map(|node| node.join().unwrap()).collect();
        let cluster = Self { nodes: nodes? };
        let path = "/_cluster/health?wait_for_nodes=3&timeout=60s";
        let health = cluster.nodes[0].ok("GET", path, "");
        assert_eq!(health["number_of_nodes"], 3, "{name}: {health}");
        Some(cluster)
    }

    /// The addresses of all nodes.
    pub fn urls(&self) -> Vec<String> {
        self.nodes.iter().map(|node| node.url.clone()).collect()
    }

    /// Sends a signal to a node (`KILL`, `STOP`, `CONT`).
    pub fn signal(&self, node: usize, signal: &str) {
        let pid = self.nodes[node].pid().to_string();
        let sent = Command::new("kill").args([&format!("-{signal}"), &pid]).status().unwrap();
        assert!(sent.success(), "kill -{signal} {pid}");
    }

    /// Waits until a node says of an index (all of them where it is empty) what `parameters` ask.
    pub fn wait_for(&self, node: usize, index: &str, parameters: &str) {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(90) {
            let path = format!("/_cluster/health/{index}?{parameters}&timeout=30s");
            let (status, health) = self.nodes[node].request("GET", &path, "");
            if status == 200 && health["timed_out"] == false {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("the cluster is not {parameters}");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // A stopped node does not notice that its input is closed.
        for at in 0..self.nodes.len() {
            let pid = self.nodes[at].pid().to_string();
            let _ = Command::new("kill").args(["-KILL", &pid]).output();
        }
    }
}
