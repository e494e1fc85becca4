// Command provider quotes prices over gRPC. Under contract it serves its provider states over HTTP as well.
package main

import (
	"context"
	"log"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

	"prices/pricesv1"
)

type prices struct {
	pricesv1.UnimplementedPricesServer
	mutex  sync.Mutex
	bySku  map[string]float64
	faulty string
}

func (p *prices) Quote(ctx context.Context, asked *pricesv1.QuoteRequest) (*pricesv1.QuoteResponse, error) {
	p.mutex.Lock()
	price, known := p.bySku[asked.GetSku()]
	p.mutex.Unlock()
	if !known {
		return nil, status.Errorf(codes.NotFound, "no article %s", asked.GetSku())
	}
	if err := grpc.SetHeader(ctx, metadata.Pairs("x-price-list", "2026")); err != nil {
		return nil, err
	}
	answer := &pricesv1.QuoteResponse{
		Price:      price * float64(asked.GetQuantity()),
		Currency:   "EUR",
		Tier:       pricesv1.Tier_TIER_WHOLESALE,
		Discounts:  []*pricesv1.Discount{{Reason: "many", Percent: 5}, {Reason: "loyal", Percent: 2}},
		Labels:     map[string]string{"season": "summer", "colour": "red"},
		ValidUntil: timestamppb.New(time.Date(2026, 7, 2, 10, 0, 0, 500, time.UTC)),
	}
	if p.faulty == "no currency" {
		answer.Currency = ""
	}
	return answer, nil
}

func main() {
	service := &prices{bySku: map[string]float64{}, faulty: os.Getenv("FAULT")}
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Getenv("GRPC_PORT"))
	if err != nil {
		log.Fatal(err)
	}
	if port := os.Getenv("STATES_PORT"); port != "" {
		go serveStates(service, "127.0.0.1:"+port)
	}
	server := grpc.NewServer()
	pricesv1.RegisterPricesServer(server, service)
	ending, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	go func() {
		<-ending.Done()
		server.GracefulStop()
	}()
	if err := server.Serve(listener); err != nil {
		log.Fatal(err)
	}
}
