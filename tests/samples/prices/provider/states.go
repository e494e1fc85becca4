package main

import (
	"encoding/json"
	"log"
	"net/http"
)

// serveStates sets up provider states in the form that all Pact verifiers share.
func serveStates(service *prices, address string) {
	http.HandleFunc("POST /provider-states", func(answer http.ResponseWriter, request *http.Request) {
		var asked struct {
			State  string
			Params struct {
				Sku   string
				Price float64
			}
			Action string
		}
		if err := json.NewDecoder(request.Body).Decode(&asked); err != nil {
			http.Error(answer, err.Error(), http.StatusBadRequest)
			return
		}
		service.mutex.Lock()
		defer service.mutex.Unlock()
		switch asked.State {
		case "an article is priced":
			delete(service.bySku, asked.Params.Sku)
			if asked.Action == "setup" {
				service.bySku[asked.Params.Sku] = asked.Params.Price
			}
		case "no article is priced":
			clear(service.bySku)
		default:
			http.Error(answer, "unknown state "+asked.State, http.StatusNotFound)
		}
	})
	log.Fatal(http.ListenAndServe(address, nil))
}
