// Package lru is a cache of fixed size that drops what was used longest ago.
package lru

import "container/list"

type Cache struct {
	capacity int
	order    *list.List
	items    map[string]*list.Element
}

type entry struct {
	key   string
	value []byte
}

// Get returns the value and makes it the most recently used one.
func (c *Cache) Get(key string) ([]byte, bool) {
	if e, ok := c.items[key]; ok {
		c.order.MoveToFront(e)
		return e.Value.(*entry).value, true
	}
	return nil, false
}
