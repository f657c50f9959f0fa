//! The options that say how a cluster is reached.

use std::path::PathBuf;

use clap::Args;

/// How a cluster is reached. No option takes a secret: arguments are seen by everybody.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Cluster")]
pub struct ClusterOptions {
    /// User of the cluster; the password is that of `PEAVEY_PASSWORD` or `ELASTIC_PASSWORD`, or asked for
    #[arg(long, value_name = "NAME", conflicts_with_all = ["api_key_env", "token_env"])]
    pub user: Option<String>,
    /// The environment variable that holds an API key (as Kibana prints it, or `id:key`)
    #[arg(long, value_name = "NAME", conflicts_with = "token_env")]
    pub api_key_env: Option<String>,
    /// The environment variable that holds a bearer or service account token
    #[arg(long, value_name = "NAME")]
    pub token_env: Option<String>,
    /// Certificate authorities to trust beside the system's (PEM)
    #[arg(long, value_name = "FILE")]
    pub ca_cert: Option<PathBuf>,
    /// SHA-256 of the authority to trust, as Elasticsearch prints it at its first start
    #[arg(long, value_name = "HEX")]
    pub ca_fingerprint: Option<String>,
    /// Client certificate to come with (PEM)
    #[arg(long, value_name = "FILE", requires = "client_key")]
    pub client_cert: Option<PathBuf>,
    /// Key of the client certificate (PEM)
    #[arg(long, value_name = "FILE", requires = "client_cert")]
    pub client_key: Option<PathBuf>,
}
