//! A cluster of OpenSearch, for the tests and for `benches/archive.rs`: each node is a process of its own, and to kill it is
//! to kill that. Run `tests/archive/build` first.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

/// The longest wait for a program or a node, which take some ten seconds on a free machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(240);

/// Longest answer read, in bytes: a thousand records with their texts.
const LONGEST_ANSWER: u64 = 1_000_000_000;

/// Waits until `done`.
pub(crate) fn until(what: &str, mut done: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !done() {
        assert!(begin.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// A process that ends with its test.
pub(crate) struct Running(pub(crate) Child);

impl Running {
    pub(crate) fn code(&mut self) -> Option<i32> {
        let mut status = None;
        until("the end of a process", || {
            status = self.0.try_wait().expect("our child");
            status.is_some()
        });
        status.and_then(|status| status.code())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Some nodes on this machine.
pub(crate) struct Cluster {
    /// `None` where a node was killed.
    nodes: Vec<Option<Running>>,
    http: Vec<u16>,
    transport: Vec<u16>,
    folder: tempfile::TempDir,
    agent: ureq::Agent,
}

impl Cluster {
    pub(crate) fn start(count: usize) -> Self {
        // All held at once, so that they differ.
        let held: Vec<_> =
            (0..2 * count).map(|_| TcpListener::bind("127.0.0.1:0").expect("a port")).collect();
        let mut ports =
            held.iter().map(|one| one.local_addr().expect("an address").port()).collect::<Vec<_>>();
        drop(held);
        let transport = ports.split_off(count);
        let folder = tempfile::tempdir().expect("a folder");
        let mut cluster = Self {
            nodes: Vec::new(),
            http: ports,
            transport,
            folder,
            agent: ureq::Agent::new_with_defaults(),
        };
        let ready: Vec<_> = (0..count).map(|n| cluster.launch(n)).collect();
        for (running, lines) in ready {
            cluster.nodes.push(Some(running));
            assert_eq!(lines.recv_timeout(PATIENCE).as_deref(), Ok("ready"), "tests/archive/build first");
        }
        cluster.wait_for(count);
        cluster
    }

    /// Starts node `n`. It sends a line when it is ready.
    fn launch(&self, n: usize) -> (Running, Receiver<String>) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/archive/node");
        let ports: Vec<String> = self.transport.iter().map(u16::to_string).collect();
        let mut child = Command::new(script)
            .arg(self.folder.path().join(format!("n{n}")))
            .args([n.to_string(), self.http[n].to_string(), ports.join(",")])
            // Held by the child, so that the node ends with this process, however that ends.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let (give, inbox) = channel();
        std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| give.send(line)));
        (Running(child), inbox)
    }

    pub(crate) fn kill(&mut self, n: usize) {
        self.nodes[n] = None;
    }

    pub(crate) fn restart(&mut self, n: usize) {
        let (running, lines) = self.launch(n);
        self.nodes[n] = Some(running);
        assert_eq!(lines.recv_timeout(PATIENCE).as_deref(), Ok("ready"));
    }

    /// Waits until the cluster has `count` nodes.
    pub(crate) fn wait_for(&self, count: usize) {
        let alive = self.nodes.iter().position(Option::is_some).expect("a node");
        until("the nodes", || {
            let health = self.ask(alive, "GET", "/_cluster/health", None);
            health.and_then(|health| health["number_of_nodes"].as_u64()) == Some(count as u64)
        });
    }

    /// Sends JSON to node `n`.
    pub(crate) fn ask(&self, n: usize, method: &str, path: &str, body: Option<&Value>) -> Option<Value> {
        let body = body.map(Value::to_string).unwrap_or_default();
        self.send(n, method, path, &body, Duration::from_secs(20))
    }

    /// Sends `body` to node `n`, and waits for the answer at most for `time`.
    pub(crate) fn send(
        &self,
        n: usize,
        method: &str,
        path: &str,
        body: &str,
        time: Duration,
    ) -> Option<Value> {
        let url = format!("http://127.0.0.1:{}{path}", self.http[n]);
        let request = ureq::http::Request::builder().method(method).uri(url);
        let request = request.header("Content-Type", "application/json").body(body).expect("a request");
        let config = self.agent.configure_request(request).timeout_global(Some(time));
        let mut answer = self.agent.run(config.build()).ok()?;
        let answer = answer.body_mut().with_config().limit(LONGEST_ANSWER).read_to_string();
        serde_json::from_str(&answer.ok()?).ok()
    }

    pub(crate) fn urls(&self) -> Vec<String> {
        self.http.iter().map(|port| format!("http://127.0.0.1:{port}")).collect()
    }
}
