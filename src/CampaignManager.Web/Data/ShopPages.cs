using CampaignManager.Application.ShopData.Templates;
using CampaignManager.Web.Shared.Imports;
using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Data;

/// <summary>How imports of a shop's own files look; all kinds of them alike.</summary>
public abstract class ShopPages(string kind, IStringLocalizer<DataTexts> texts) : ImportPages
{
    public override string Kind => kind;

    public override string Label => texts["Kind." + kind];

    public override Type Editor => typeof(ShopImportStep);

    public override bool EditorIsWhole => true;

    public override bool TakesSeveral => true;

    public override Type Result => typeof(ShopResult);
}

public sealed class OrderPages(IStringLocalizer<DataTexts> texts) : ShopPages(TemplateKinds.Orders, texts);

public sealed class CustomerPages(IStringLocalizer<DataTexts> texts) : ShopPages(TemplateKinds.Customers, texts);

public sealed class ProductPages(IStringLocalizer<DataTexts> texts) : ShopPages(TemplateKinds.Products, texts);

public sealed class EventPages(IStringLocalizer<DataTexts> texts) : ShopPages(TemplateKinds.Events, texts);

public sealed class CampaignFilePages(IStringLocalizer<DataTexts> texts) : ShopPages(TemplateKinds.Campaigns, texts);

public sealed class ExposurePages(IStringLocalizer<DataTexts> texts) : ShopPages(TemplateKinds.Exposures, texts);
