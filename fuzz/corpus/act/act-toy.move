toy.move
{"code":"P23","sheets":15,"to":"aa/bb/dd"}