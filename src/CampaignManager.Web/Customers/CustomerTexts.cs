namespace CampaignManager.Web.Customers;

/// <summary>Marks the texts of the customers' pages.</summary>
public sealed class CustomerTexts;
