//! Runs work outside the protocol's tasks, and locks mutexes.
//!
//! A lock must not be held across an `.await` or I/O.

use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tower_lsp::jsonrpc::{Error, Result};

use crate::workspace::Cancel;

/// Runs `work` on a separate thread. If the caller is dropped (the request was cancelled), the [`Cancel`] of
/// `work` is set; if it panics, only this request fails.
pub(super) async fn compute<T: Send + 'static>(
    work: impl FnOnce(&Cancel) -> T + Send + 'static,
) -> Result<T> {
    struct Guard(Cancel);
    impl Drop for Guard {
        fn drop(&mut self) {
            self.0.set();
        }
    }
    let cancel = Cancel::default();
    let guard = Guard(cancel.clone());
    let done =
        tokio::task::spawn_blocking(move || std::panic::catch_unwind(AssertUnwindSafe(|| work(&cancel))))
            .await;
    drop(guard);
    match done {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(_)) | Err(_) => {
            tracing::error!("a request panicked");
            Err(Error::internal_error())
        }
    }
}

/// Locks `mutex`. A panic while it was held does no further harm, because every change is applied as a whole.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_fails_its_request_alone() {
        let failed = compute(|_| -> u8 { panic!("on purpose") }).await;
        assert_eq!(failed.map_err(|error| error.code.code()), Err(-32603));
        assert_eq!(compute(|_| 7).await, Ok(7));
    }

    #[tokio::test]
    async fn work_is_told_that_its_request_was_cancelled() {
        let (give, cancels) = std::sync::mpsc::channel();
        let (go, gate) = std::sync::mpsc::channel::<()>();
        let mut asked = Box::pin(compute(move |cancel| {
            give.send(cancel.clone()).expect("taken");
            let _ = gate.recv();
        }));
        assert!(futures::poll!(&mut asked).is_pending());
        let cancel = cancels.recv().expect("the work runs");
        assert!(!cancel.is_set());
        drop(asked);
        assert!(cancel.is_set());
        drop(go);
    }
}
