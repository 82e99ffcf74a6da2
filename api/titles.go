package api

// titles are the headers of files and the names of their sheets, Russian and English.
var titles = map[string][2]string{
	"sales-by-day":     {"Продажи по дням", "Sales by day"},
	"sales-by-hour":    {"Продажи по часам", "Sales by hour"},
	"sales-by-product": {"Продажи по товарам", "Sales by product"},

	"unit":          {"Единицы измерения", "Units"},
	"product_group": {"Группы товаров", "Product groups"},
	"product":       {"Товары и блюда", "Products and dishes"},
	"outlet":        {"Торговая точка", "Outlet"},
	"warehouse":     {"Склад", "Warehouse"},
	"employee":      {"Сотрудник", "Employee"},
	"counterparty":  {"Контрагент", "Counterparty"},
	"customer":      {"Клиенты", "Customers"},
	"payment_type":  {"Виды оплаты", "Payment types"},
	"discount":      {"Скидки и надбавки", "Discounts and surcharges"},
	"hall":          {"Залы и столы", "Halls and tables"},
	"waste_reason":  {"Причины списания", "Waste reasons"},
	"cash_shift":    {"Кассовые смены", "Cash shifts"},
	"receipt":       {"Чеки", "Receipts"},
	"purchase":      {"Приходные накладные", "Purchases"},
	"write_off":     {"Списания", "Write-offs"},

	"purchase_return": {"Возвраты поставщику", "Purchase returns"},
	"transfer":        {"Перемещения", "Transfers"},
	"stocktake":       {"Инвентаризации", "Stocktakes"},
	"production":      {"Акты приготовления", "Production"},
	"delivery_order":  {"Заказы на доставку", "Delivery orders"},

	"day":           {"День", "Day"},
	"hour":          {"Час", "Hour"},
	"gross_sales":   {"Валовая выручка", "Gross sales"},
	"discounts":     {"Скидки", "Discounts"},
	"refunds":       {"Возвраты", "Refunds"},
	"net_sales":     {"Чистая выручка", "Net sales"},
	"taxes":         {"Налоги", "Taxes"},
	"tips":          {"Чаевые", "Tips"},
	"cost":          {"Себестоимость", "Cost"},
	"gross_profit":  {"Валовая прибыль", "Gross profit"},
	"margin":        {"Рентабельность", "Margin"},
	"receipts":      {"Чеки", "Receipts"},
	"guests":        {"Гости", "Guests"},
	"average_check": {"Средний чек", "Average check"},
	"net_per_guest": {"Выручка на гостя", "Net sales per guest"},
	"quantity":      {"Количество", "Quantity"},
	"totals":        {"Итого", "Total"},

	"name":         {"Название", "Name"},
	"code":         {"Код", "Code"},
	"group":        {"Группа", "Group"},
	"archived":     {"В архиве", "Archived"},
	"modified_at":  {"Изменено", "Modified"},
	"id":           {"Идентификатор", "Id"},
	"price":        {"Цена", "Price"},
	"position":     {"Должность", "Position"},
	"phone":        {"Телефон", "Phone"},
	"email":        {"E-mail", "E-mail"},
	"address":      {"Адрес", "Address"},
	"tax_id":       {"ИНН", "Tax number"},
	"card_number":  {"Номер карты", "Card number"},
	"number":       {"Номер", "Number"},
	"occurred_at":  {"Время", "Time"},
	"business_day": {"Учётный день", "Business day"},
	"type":         {"Тип", "Type"},
	"status":       {"Статус", "Status"},
	"total":        {"Сумма", "Total"},
	"yes":          {"да", "yes"},

	"courier_id":     {"Курьер", "Courier"},
	"from_warehouse": {"Со склада", "From warehouse"},
	"to_warehouse":   {"На склад", "To warehouse"},
	"customer_name":  {"Имя клиента", "Customer's name"},
	"promised_at":    {"Обещано к", "Promised by"},
	"delivered_at":   {"Доставлено", "Delivered"},

	"sale":      {"продажа", "sale"},
	"courier":   {"курьером", "by courier"},
	"pickup":    {"самовывоз", "pickup"},
	"new":       {"новый", "new"},
	"accepted":  {"принят", "accepted"},
	"cooking":   {"готовится", "cooking"},
	"ready":     {"готов", "ready"},
	"on_way":    {"в пути", "on the way"},
	"delivered": {"доставлен", "delivered"},
	"refund":    {"возврат", "refund"},
	"closed":    {"закрыт", "closed"},
	"cancelled": {"отменён", "cancelled"},
}

// title is what a word of the API is called in a file; itself, where it has no title.
func title(lang, word string) string {
	named, ok := titles[word]
	switch {
	case !ok:
		return word
	case lang == "en":
		return named[1]
	}
	return named[0]
}
