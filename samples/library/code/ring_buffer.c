/* A ring buffer for one producer and one consumer: no locks, a power of two of slots. */
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#define SLOTS 1024

struct ring {
  void *slot[SLOTS];
  _Atomic size_t head; /* Written by the producer. */
  _Atomic size_t tail; /* Written by the consumer. */
};

bool ring_push(struct ring *ring, void *item) {
  size_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
  if (head - atomic_load_explicit(&ring->tail, memory_order_acquire) == SLOTS) return false;
  ring->slot[head % SLOTS] = item;
  atomic_store_explicit(&ring->head, head + 1, memory_order_release);
  return true;
}
