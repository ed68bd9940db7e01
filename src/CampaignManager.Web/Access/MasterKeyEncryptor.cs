using System.Xml.Linq;
using CampaignManager.Application.Data;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace CampaignManager.Web.Access;

/// <summary>Keys of cookies and forms lie encrypted: who reads their files alone signs nobody in.</summary>
public sealed class MasterKeyEncryptor(MasterKey key) : IXmlEncryptor
{
    internal const string Purpose = "data-protection";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement) =>
        new(new XElement("masterKeySecret", key.Protect(plaintextElement.ToString(SaveOptions.DisableFormatting), Purpose)),
            typeof(MasterKeyDecryptor));
}

/// <summary>Made by the framework, which finds its name in a key's file.</summary>
public sealed class MasterKeyDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) =>
        XElement.Parse(services.GetRequiredService<MasterKey>().Unprotect(encryptedElement.Value, MasterKeyEncryptor.Purpose));
}
