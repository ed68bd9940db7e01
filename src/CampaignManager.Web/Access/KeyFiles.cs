using System.Xml.Linq;
using CampaignManager.Application.Data;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;

namespace CampaignManager.Web.Access;

/// <summary>Keys of cookies that an earlier release wrote in the clear are encrypted at start, each file at once or not at all.</summary>
public sealed class KeyFiles(IOptions<KeyManagementOptions> options, MasterKey key)
{
    private static readonly XNamespace Framework = "http://schemas.asp.net/2015/03/dataProtection";

    /// <returns>How many were in the clear.</returns>
    public int Encrypt()
    {
        if (options.Value.XmlRepository is not FileSystemXmlRepository { Directory: { Exists: true } folder })
            return 0;
        OwnFolder.MakeOrClose(folder.FullName);
        return folder.EnumerateFiles("key-*.xml").Count(Encrypt);
    }

    /// <exception cref="StartRefusedException">It is damaged: cookies made with it could not be read, and nobody would know
    /// why.</exception>
    private static XDocument Read(FileInfo file)
    {
        try
        {
            return XDocument.Load(file.FullName);
        }
        catch (System.Xml.XmlException)
        {
            throw new StartRefusedException(
                $"The cookie key {file.FullName} is damaged. Put it back from the backup, or delete it: then everybody signs in again.");
        }
    }

    private bool Encrypt(FileInfo file)
    {
        var document = Read(file);
        var clear = document.Descendants().Where(e => (bool?)e.Attribute(Framework + "requiresEncryption") == true).ToList();
        if (clear.Count == 0)
            return false;
        var encryptor = new MasterKeyEncryptor(key);
        foreach (var element in clear)
        {
            var secret = encryptor.Encrypt(element);
            element.ReplaceWith(new XElement(
                Framework + "encryptedSecret", new XAttribute("decryptorType", secret.DecryptorType.AssemblyQualifiedName!),
                    secret.EncryptedElement));
        }

        var half = $"{file.FullName}.{Guid.NewGuid():N}.tmp";
        document.Save(half);
        File.Move(half, file.FullName, overwrite: true);
        return true;
    }
}
