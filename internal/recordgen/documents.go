package recordgen

// documents are the json fields whose value has a type of Go. A getter answers
// the value and what is wrong with it; all others answer the JSON itself.
var documents = map[string]string{}
