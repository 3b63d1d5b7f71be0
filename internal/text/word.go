package text

import (
	"slices"
	"strings"
)

// Word finds which of a list somebody means: by the word itself, or by its name in any of the languages, in capitals or not.
func Word[T ~string](typed string, from []T, key func(T) Key) (T, bool) {
	typed = strings.ToLower(typed)
	at := slices.IndexFunc(from, func(x T) bool {
		return typed == string(x) ||
			slices.ContainsFunc(Languages(), func(l Language) bool { return typed == strings.ToLower(l.Say(key(x), nil)) })
	})
	if at < 0 {
		return "", false
	}
	return from[at], true
}
