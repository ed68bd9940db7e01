namespace CampaignManager.Application.ShopData.Templates;

/// <summary>What a template may fill, by block.</summary>
internal static class TemplateTargets
{
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> ByBlock = new Dictionary<string, IReadOnlyList<string>>
    {
        ["order"] =
        [
            "id", "number", "at", "currency", "customer", "shipping", "tax", "total", "goods", "subtotal", "discount", "fee", "codes",
            "status", "statusAt", "paidAt", "channel", "region",
        ],
        ["line"] = ["kind", "sku", "productId", "name", "category", "quantity", "price", "goods", "paid", "discount", "tax", "shipping",
        "unitCost"],
        ["refund"] = ["id", "at", "amount", "shipping", "tax"],
        ["customer"] =
        [
            "id", "otherId", "joinedAt", "region", "country", "channel", "device", "emailOptIn", "optOutMarketing",
            "optOutPersonalisation", "memberTier", "tags", "email",
        ],
        ["product"] =
        [
            "sku", "productId", "nameEn", "nameZh", "category", "brand", "currency", "price", "compareAt", "unitCost", "status",
            "description", "imageUrl", "url", "visible",
            "stockOnHand", "option",
        ],
        ["event"] =
        [
            "id", "type", "at", "receivedAt", "sentAt", "customer", "anonymous", "otherId", "sku", "quantity", "price", "currency",
            "order", "rating", "text", "campaign",
            "value", "discount", "shipping", "tax", "total",
        ],
        ["campaign"] = ["id", "name", "offer", "startsAt", "endsAt", "attributionDays"],
        ["exposure"] = ["campaign", "customer", "arm", "assignedAt", "propensity", "randomised", "contactedAt"],
    };
}
