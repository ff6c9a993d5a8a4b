package dev.podidentity.credential.cache;

/**
 * Where an entry is between one renewal and the next.
 *
 * <pre>
 *                      used since, token alive
 *   stored ──▶ WAITING ───────────────────────▶ DUE ──its turn──▶ RENEWING
 *               ▲ │ ▲ ▲                          │                   │
 *               │ │ │ └──stored by a request─────┘                   │
 *               │ │ └──answered; failed, to be retried; stored───────┘
 *          used │ │ not used since, or token expired
 *               │ ▼
 *              IDLE
 *
 *   every state ──expired, refused for good, pod gone, evicted, closed──▶ ENDED
 * </pre>
 *
 * <p>WAITING and IDLE entries have a timer, DUE ones a place in the queue of {@link Renewals}, and
 * RENEWING ones a fetch, whose end moves them on.
 */
enum RenewalState {
  /** Its timer runs until it is due. */
  WAITING,
  /** It waits for its turn. */
  DUE,
  /** The source is asked. */
  RENEWING,
  /** It was due, and nobody had used it: it is left to expire, or renewed once it is used. */
  IDLE,
  /** It is no longer in the cache. */
  ENDED
}
