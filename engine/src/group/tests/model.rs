//! Random life: clients that behave as Kafka's consumers do, faults between them, and the
//! two promises that must hold for every seed.
//!
//! No call is lost or answered twice, and when the faults stop, all living members soon
//! share one stable generation in which each has the assignment that its leader made.

use proptest::prelude::*;

use super::*;

const GROUP: &str = "g";

/// Where a client believes it is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    Out,
    Joining { token: Token, since_ms: u64 },
    Syncing { token: Token, since_ms: u64 },
    Stable { heard_ms: u64 },
}

#[derive(Debug)]
struct Client {
    member: Text,
    instance: Option<Text>,
    generation: i32,
    metadata: u8,
    stage: Stage,
    awake: bool,
}

struct World {
    rig: Rig,
    clients: Vec<Client>,
    seed: u64,
    committed: Option<i64>,
}

impl World {
    fn new(seed: u64, clients: usize, initial_delay_ms: u64) -> World {
        let client = |at: usize| Client {
            member: text(""),
            instance: (at % 3 == 2).then(|| text(&format!("i{at}"))),
            generation: -1,
            metadata: 0,
            stage: Stage::Out,
            awake: true,
        };
        World {
            rig: Rig::with(Rules { initial_delay_ms, ..rules() }),
            clients: (0..clients).map(client).collect(),
            seed: seed | 1,
            committed: None,
        }
    }

    fn random(&mut self, below: u64) -> u64 {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        (self.seed >> 11) % below
    }

    fn fault(&mut self) {
        let count = self.clients.len() as u64;
        let at = usize::try_from(self.random(count)).expect("small");
        match self.random(12) {
            0 => self.clients[at].awake = false,
            1 | 2 => self.clients[at].awake = true,
            3 => self.clients[at].metadata ^= 1,
            4 => self.depart(at),
            // It crashed and starts without its id.
            5 => self.reset(at),
            6 => self.rig.refusing = !self.rig.refusing,
            7 => self.restart(),
            8 => self.commit(at),
            _ => {
                let millis = self.random(12_000);
                self.rig.pass(millis);
            }
        }
    }

    fn restart(&mut self) {
        self.rig.restart();
        for client in &mut self.clients {
            // Connections broke; who waited asks again.
            if let Stage::Joining { .. } | Stage::Syncing { .. } = client.stage {
                client.stage = Stage::Out;
            }
        }
    }

    fn reset(&mut self, at: usize) {
        self.clients[at].member = text("");
        self.clients[at].generation = -1;
        self.clients[at].stage = Stage::Out;
    }

    fn depart(&mut self, at: usize) {
        let client = &self.clients[at];
        let leaving = leave(GROUP, &[(&client.member, client.instance.as_deref())]);
        self.rig.get(Call::Leave(leaving));
        self.reset(at);
    }

    fn commit(&mut self, at: usize) {
        let offset = i64::try_from(self.random(1_000)).expect("small");
        let reply = self.rig.get(Call::Commit(commit(self.identity(at), "t", offset)));
        if reply.code() == ErrorCode::None {
            self.committed = Some(offset);
        }
        assert_eq!(fetched(&mut self.rig, GROUP, "t"), self.committed);
    }

    fn identity(&self, at: usize) -> Identity {
        let client = &self.clients[at];
        Identity {
            instance: client.instance.clone(),
            ..me(GROUP, &client.member, client.generation)
        }
    }

    /// One client looks at its answer, or says what is due.
    fn poll(&mut self, at: usize) {
        if !self.clients[at].awake {
            return;
        }
        let now_ms = self.rig.now.mono_ms();
        match self.clients[at].stage {
            Stage::Out => self.join(at),
            Stage::Joining { token, since_ms } => match self.rig.take(token) {
                Some(Reply::Joined(joined)) => self.on_joined(at, joined),
                Some(other) => panic!("{other:?}"),
                None if now_ms > since_ms + 60_000 => self.join(at),
                None => {}
            },
            Stage::Syncing { token, since_ms } => match self.rig.take(token) {
                Some(reply) => self.on_synced(at, reply),
                None if now_ms > since_ms + 60_000 => self.join(at),
                None => {}
            },
            Stage::Stable { heard_ms } if now_ms >= heard_ms + 3_000 => self.heartbeat(at),
            Stage::Stable { .. } => {}
        }
    }

    fn join(&mut self, at: usize) {
        let client = &self.clients[at];
        let mut request = join(GROUP, &client.member);
        request.instance = client.instance.clone();
        request.protocols[0].metadata = Bytes::copy_from_slice(&[client.metadata]);
        let token = self.rig.ask(Call::Join(request));
        let since_ms = self.rig.now.mono_ms();
        self.clients[at].stage = Stage::Joining { token, since_ms };
    }

    fn on_joined(&mut self, at: usize, joined: Joined) {
        match joined.code {
            ErrorCode::None => {}
            ErrorCode::MemberIdRequired => {
                self.clients[at].member = joined.member;
                return self.join(at);
            }
            ErrorCode::RebalanceInProgress => return self.join(at),
            _ => return self.reset(at),
        }
        let share = |member: &JoinedMember| {
            (member.member.clone(), Bytes::from(format!("{}/{}", joined.generation, member.member)))
        };
        let leads = joined.leader == joined.member && !joined.skip_assignment;
        let shares = if leads { joined.members.iter().map(share).collect() } else { Vec::new() };
        self.clients[at].member = joined.member;
        self.clients[at].generation = joined.generation;
        let token = self.rig.ask(Call::Sync(sync(self.identity(at), shares)));
        let since_ms = self.rig.now.mono_ms();
        self.clients[at].stage = Stage::Syncing { token, since_ms };
    }

    fn on_synced(&mut self, at: usize, reply: Reply) {
        match reply {
            Reply::Synced(synced) => {
                let client = &mut self.clients[at];
                let given = String::from_utf8(synced.assignment.to_vec()).expect("text");
                // A static member may hold the assignment of its earlier id.
                let own = format!("{}/{}", client.generation, client.member);
                assert!(given == own || client.instance.is_some(), "{given} is not {own}");
                client.stage = Stage::Stable { heard_ms: self.rig.now.mono_ms() };
            }
            Reply::Refused(ErrorCode::RebalanceInProgress) => self.join(at),
            Reply::Refused(ErrorCode::CoordinatorNotAvailable) => self.join(at),
            Reply::Refused(_) => self.reset(at),
            other => panic!("{other:?}"),
        }
    }

    fn heartbeat(&mut self, at: usize) {
        match self.rig.code(Call::Heartbeat(self.identity(at))) {
            ErrorCode::None => {
                self.clients[at].stage = Stage::Stable { heard_ms: self.rig.now.mono_ms() };
            }
            ErrorCode::RebalanceInProgress => self.join(at),
            _ => self.reset(at),
        }
    }

    fn poll_all(&mut self) {
        for at in 0..self.clients.len() {
            self.poll(at);
        }
    }

    fn settle(&mut self) {
        self.rig.refusing = false;
        for client in &mut self.clients {
            client.awake = true;
        }
        for _ in 0..600 {
            self.poll_all();
            self.rig.pass(250);
        }
    }
}

fn check(seed: u64, clients: usize, faults: usize, initial_delay_ms: u64) {
    let mut world = World::new(seed, clients, initial_delay_ms);
    for _ in 0..faults {
        world.fault();
        let at = usize::try_from(world.random(clients as u64)).expect("small");
        world.poll(at);
    }
    world.settle();
    let stable = |client: &Client| matches!(client.stage, Stage::Stable { .. });
    assert!(world.clients.iter().all(stable), "seed {seed}: {:#?}", world.clients);
    assert_eq!(world.rig.state(GROUP), State::Stable);
    let generation = world.rig.groups.groups[GROUP].generation;
    assert!(world.clients.iter().all(|client| client.generation == generation));
    assert_eq!(world.rig.groups.groups[GROUP].members.len(), clients);
    // Everybody falls silent: whatever is parked is answered, and the group empties.
    world.rig.pass(3_600_000);
    assert!(world.rig.open.is_empty(), "seed {seed}: lost {:?}", world.rig.open);
    assert!(world.rig.groups.is_empty() || world.committed.is_some(), "nothing is left to keep");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn clients_always_come_back_to_one_stable_generation(
        seed in any::<u64>(),
        clients in 1usize..6,
        faults in 0usize..150,
        initial_delay_ms in prop::sample::select(vec![0u64, 3_000]),
    ) {
        check(seed, clients, faults, initial_delay_ms);
    }
}
