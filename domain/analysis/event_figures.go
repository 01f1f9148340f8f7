package analysis

// eventFigures are counted of records other than sales.
var eventFigures []Figure
