using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData.Templates;

namespace CampaignManager.Application.ShopData.Reading;

/// <summary>Who reads which kind.</summary>
internal static class Readings
{
    private static readonly Dictionary<string, Func<Template, IFileReading>> ByKind = new(StringComparer.Ordinal)
    {
        [TemplateKinds.Orders] = template => new Orders.OrdersReading(template),
        [TemplateKinds.Events] = template => new Events.EventsReading(template),
        [TemplateKinds.Customers] = template => new People.CustomersReading(template),
        [TemplateKinds.Products] = template => new Goods.ProductsReading(template),
        [TemplateKinds.Campaigns] = template => new Past.CampaignsReading(template),
        [TemplateKinds.Exposures] = template => new Past.ExposuresReading(template),
    };

    public static bool Has(string kind) => ByKind.ContainsKey(kind);

    public static IFileReading Of(Template template) => ByKind.TryGetValue(template.Kind, out var make)
        ? make(template)
        : throw new ImportRefusedException("unknown-kind", $"No reader knows the kind '{template.Kind}'.", template.Kind);
}
