package catalog

import (
	"satchel/domain"
)

// Why a realtime connection ended.
var realtimeTexts = map[string]domain.Texts{
	"realtime.guest":    {"未登录的实时连接已到时限,请登录后重新连接。", "A realtime connection without a login has had its time; log in and connect again."},
	"realtime.gave_way": {"同一用户(或同一地址未登录)的实时连接过多,最早的一个已让位。", "Too many realtime connections of one user, or without a login from one address; the oldest gave way."},
}
