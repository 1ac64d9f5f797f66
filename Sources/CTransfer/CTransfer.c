// CTransfer
