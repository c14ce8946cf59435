package main

import "encoding/json"

type totals map[string]map[string]int

// leaf holds the fields of docs/spec/schemas that the counts need.
type leaf struct {
	Kind, Subject, Tier string
	First, Last         int
	Exceptions          []struct{ Index int }
}

// recount derives the counts from the entries, as docs/spec/log.md says under "Counts".
type recount struct {
	leaves                       []leaf
	signed, confirmed, withdrawn map[[2]string]int
}

func newRecount() *recount {
	return &recount{nil, map[[2]string]int{}, map[[2]string]int{}, map[[2]string]int{}}
}

func (r *recount) add(entry []byte) {
	var l leaf
	check(json.Unmarshal(entry, &l), "entry %d", len(r.leaves))
	r.leaves = append(r.leaves, l)
	switch l.Kind {
	case "petition.signature":
		r.signed[l.key()]++
	case "petition.signature-withdrawn":
		r.withdrawn[l.key()]++
	case "acts.confirmed":
		r.confirm(l)
	}
}

func (r *recount) confirm(l leaf) {
	taken := map[int]bool{}
	for _, each := range l.Exceptions {
		taken[each.Index] = true
	}
	require(0 <= l.First && l.First <= l.Last && l.Last < len(r.leaves)-1, "a confirmation of no range before it")
	for i := l.First; i <= l.Last; i++ {
		if signature := r.leaves[i]; signature.Kind != "petition.signature" {
			continue
		} else if taken[i] {
			r.signed[signature.key()]--
		} else {
			r.confirmed[signature.key()]++
		}
	}
}

func (l leaf) key() [2]string { return [2]string{l.Subject, l.Tier} }

func (r *recount) standing() totals { return r.less(r.signed) }
func (r *recount) final() totals    { return r.less(r.confirmed) }

// less takes the withdrawn ones off; what is not above zero is not shown.
func (r *recount) less(from map[[2]string]int) totals {
	shown := totals{}
	for key, count := range from {
		if count -= r.withdrawn[key]; count > 0 {
			if shown[key[0]] == nil {
				shown[key[0]] = map[string]int{}
			}
			shown[key[0]][key[1]] = count
		}
	}
	return shown
}
